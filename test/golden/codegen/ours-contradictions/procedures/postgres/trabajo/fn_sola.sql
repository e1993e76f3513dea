CREATE FUNCTION trabajo.fn_sola(integer) RETURNS void LANGUAGE sql AS $$ $$;
