/* Revierte 027, que aqui no cambio nada. */
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
