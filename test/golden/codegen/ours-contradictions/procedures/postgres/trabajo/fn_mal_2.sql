CREATE FUNCTION trabajo.fn_mal_2(p_x numeric(10 RETURNS void LANGUAGE sql AS $$ $$;
