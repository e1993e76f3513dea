CREATE OR REPLACE FUNCTION trabajo.sp_rota() RETURNS void LANGUAGE sql AS $$ $;
