import type { Engine } from '../../engine/index.js';
import { logs } from '../../procedures/generated/index.js';
import { CommandError } from './errors.js';

/**
 * Before anything is started; the start itself would refuse as well, in one line.
 * @throws CommandError naming each row of `logs.Servicios` that cannot be run
 */
export async function requireServices(engine: Engine): Promise<void> {
  const problems = await logs.verificarServicios(engine, { idempotent: true });
  if (problems.length === 0) return;
  throw new CommandError(
    [
      'logs.Servicios cannot be run, so nothing was started; put it right and run again:',
      ...problems.map(({ detalle }) => `  ${detalle}`),
    ].join('\n'),
    'WRONG_STATE',
    {
      problems: problems.map(({ servicio, orden, problema, detalle }) => ({
        service: servicio,
        step: orden,
        problem: problema,
        detail: detalle,
      })),
    },
  );
}
