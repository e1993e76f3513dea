CREATE FUNCTION trabajo.fn_mal_3(p_x) RETURNS void LANGUAGE sql AS 'x;
