CREATE TYPE trabajo.Filas AS TABLE (Linea int NOT NULL);
