import type { Engine } from '../../../../engine/index.js';
import { nomina, trabajo } from '../../../../procedures/generated/index.js';
import type { Output } from '../../output.js';
import { spanOf } from '../../spans.js';

/** The document's monitor asks once a second. */
export const askEveryMs = 1000;

/** A line of the document's monitor: progress, employees, time and what is left. */
export function progressLine(state: nomina.EstadoConsolidacionResult): string {
  const left = state.faltanS === null ? 'N/A' : spanOf(state.faltanS);
  return (
    `${Math.floor(state.porcentaje)}% | employees: ${state.empleadosProcesados}/${state.empleados} | ` +
    `time: ${spanOf(state.segundos ?? 0)} | ETA: ${left}`
  );
}

/** A bar for a consolidation that this process works on, fed by what all its workers have done. */
export function watchConsolidation(
  engine: Engine,
  closing: bigint,
  job: bigint,
  out: Output,
): { stop: () => void } {
  if (!out.live) return { stop: () => undefined };
  const bar = out.progress(`closing ${closing}, %`, 100);
  let asking = false;
  const timer = setInterval(() => {
    if (asking) return;
    asking = true;
    trabajo
      .estadoTrabajo(engine, { idTrabajo: job }, { idempotent: true })
      .then(({ pesoTotal, pesoRestante, faltanS }) => {
        const share = pesoTotal === 0 ? 0 : Math.floor((100 * (pesoTotal - pesoRestante)) / pesoTotal);
        bar.update(share, faltanS === null ? '' : `${spanOf(faltanS)} left`);
      })
      // the bar stands still; whether the database answers is the worker's to say
      .catch(() => undefined)
      .finally(() => {
        asking = false;
      });
  }, askEveryMs);
  return {
    stop() {
      clearInterval(timer);
      bar.stop();
    },
  };
}
