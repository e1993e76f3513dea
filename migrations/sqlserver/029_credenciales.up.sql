/*
  029: quien puede hablar con el servicio HTTP (semillas 001, 002 y 004 lo dejaban abierto).
  De una credencial se guarda solo el SHA-256: la llave misma se muestra una vez, al crearla. Es al azar y larga, asi que no
  necesita una funcion lenta. Rol: LECTURA (mira), EJECUCION (ademas inicia y cancela), ADMIN (ademas revierte).
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
CREATE TABLE trabajo.Credenciales (
  ID_Credencial bigint IDENTITY(1, 1) NOT NULL,
  Nombre nvarchar(100) NOT NULL,
  Rol varchar(20) NOT NULL,
  Huella char(64) COLLATE Latin1_General_BIN2 NOT NULL,
  FechaCreacion datetime2(3) NOT NULL CONSTRAINT DF_Credenciales_FechaCreacion DEFAULT (SYSUTCDATETIME()),
  -- NULL: no vence
  Vence datetime2(3) NULL,
  Revocada datetime2(3) NULL,
  Usuario nvarchar(100) NOT NULL CONSTRAINT DF_Credenciales_Usuario DEFAULT (ORIGINAL_LOGIN()),
  CONSTRAINT PK_Credenciales PRIMARY KEY CLUSTERED (ID_Credencial),
  CONSTRAINT UQ_Credenciales_Huella UNIQUE (Huella),
  CONSTRAINT CK_Credenciales_Rol CHECK (Rol IN ('LECTURA', 'EJECUCION', 'ADMIN')),
  CONSTRAINT CK_Credenciales_Huella CHECK (LEN(Huella) = 64)
);
GO
