CREATE TYPE trabajo.Lista_Tipos_v1 AS TABLE (Tipo varchar(50) NOT NULL PRIMARY KEY);
