/* Revierte 030, que aqui no cambio nada. */
