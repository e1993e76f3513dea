CREATE FUNCTION trabajo.fn_sin_gemela(p_x integer) RETURNS void LANGUAGE sql AS $$ $$;
