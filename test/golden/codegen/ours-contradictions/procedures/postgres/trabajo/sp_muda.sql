CREATE OR REPLACE FUNCTION trabajo.sp_muda() RETURNS void LANGUAGE sql AS $$ $$;
