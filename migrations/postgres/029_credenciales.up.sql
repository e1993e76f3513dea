/*
  029: quien puede hablar con el servicio HTTP (semillas 001, 002 y 004 lo dejaban abierto).
  De una credencial se guarda solo el SHA-256: la llave misma se muestra una vez, al crearla. Es al azar y larga, asi que no
  necesita una funcion lenta. Rol: LECTURA (mira), EJECUCION (ademas inicia y cancela), ADMIN (ademas revierte).
*/
SET LOCAL ROLE carril_dueno;

CREATE TABLE trabajo.Credenciales (
  ID_Credencial bigint GENERATED ALWAYS AS IDENTITY,
  Nombre varchar(100) NOT NULL,
  Rol varchar(20) NOT NULL,
  Huella varchar(64) COLLATE "C" NOT NULL,
  FechaCreacion timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  -- NULL: no vence
  Vence timestamptz(3),
  Revocada timestamptz(3),
  Usuario varchar(100) NOT NULL DEFAULT session_user,
  CONSTRAINT PK_Credenciales PRIMARY KEY (ID_Credencial),
  CONSTRAINT UQ_Credenciales_Huella UNIQUE (Huella),
  CONSTRAINT CK_Credenciales_Rol CHECK (Rol IN ('LECTURA', 'EJECUCION', 'ADMIN')),
  CONSTRAINT CK_Credenciales_Huella CHECK (length(Huella) = 64)
);
