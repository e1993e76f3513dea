CREATE SCHEMA ventas;
GO
CREATE TYPE ventas.Viejo_v1 AS TABLE (X int);
GO
DROP TYPE ventas.Viejo_v1;
GO
CREATE TYPE [ventas].[Lineas_v1] AS TABLE
(
    Linea       int            NOT NULL PRIMARY KEY,  -- its own key
    ID_Cliente  bigint         NOT NULL,
    Precio      decimal(12, 2) NOT NULL CHECK (Precio >= 0),
    Nota        nvarchar(200)  NULL,
    Desde       datetime2(3)   NULL DEFAULT (SYSUTCDATETIME()),
    [Es nuevo]  bit            NOT NULL,
    UNIQUE (ID_Cliente, Linea),
    INDEX IX_Nota (Nota)
);
GO
CREATE TYPE dbo.Claves AS TABLE (Clave varchar(20) PRIMARY KEY);
GO
CREATE TYPE dbo.Corto FROM varchar(10);
