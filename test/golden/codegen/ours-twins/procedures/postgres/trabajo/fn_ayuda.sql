-- PostgreSQL only: T-SQL has a built-in function for this.
CREATE FUNCTION trabajo.fn_ayuda("p_X" integer, VARIADIC p_resto text[] DEFAULT '{}') RETURNS SETOF pg_catalog.pg_class
LANGUAGE sql AS $$ SELECT * FROM pg_catalog.pg_class $$;
