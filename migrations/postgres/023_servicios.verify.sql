/* Comprueba 023: calla si los seis servicios estan, con pasos; si no, UC422 y los que faltan. Solo lee. */
DO $$
DECLARE
  v_falta text;
BEGIN
  SELECT string_agg(n.servicio, ', ') INTO v_falta
  FROM (VALUES ('CAPM'), ('PosModRF'), ('SONA'), ('Derivados'), ('UBS'), ('PNL')) AS n (servicio)
  WHERE NOT EXISTS (
    SELECT FROM logs.Servicios AS s
    INNER JOIN logs.Servicio_Procedimientos AS p ON p.Servicio = s.Servicio
    WHERE s.Servicio = n.servicio);
  IF v_falta IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC422', MESSAGE = '023_servicios: faltan los servicios, o sus pasos: ' || v_falta;
  END IF;
END
$$;
