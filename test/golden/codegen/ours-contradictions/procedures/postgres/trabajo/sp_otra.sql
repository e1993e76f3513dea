CREATE OR REPLACE PROCEDURE trabajo.sp_otra() LANGUAGE sql AS $$ $$;
