DO $$
BEGIN
  IF to_regclass('sitio.Tasas') IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC422', MESSAGE = 'falta la tabla sitio.Tasas';
  END IF;
END
$$;
