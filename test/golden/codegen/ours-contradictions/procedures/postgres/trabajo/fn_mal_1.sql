CREATE FUNCTION trabajo.fn_mal_1(p_x integer RETURNS void LANGUAGE sql AS $$ $$;
