CREATE TYPE dbo.Anchas AS TABLE (Linea int NOT NULL, Importe decimal(19,4) NOT NULL);
CREATE TYPE dbo.Con_Identidad AS TABLE (Linea int IDENTITY PRIMARY KEY);
CREATE TYPE dbo.Calculada AS TABLE (Linea int, Doble AS Linea * 2);
CREATE TYPE dbo.Rara AS TABLE (Linea entero);
CREATE TYPE dbo.Dos AS TABLE (Linea int, LINEA int);
CREATE TYPE dbo.Abierta AS TABLE (Linea int
