import { trabajo } from '../../../procedures/generated/index.js';
import { defineCommand, withEngine } from '../context.js';
import { agoOf } from '../spans.js';
import { oneLine } from '../table.js';

type Alert = trabajo.AlertasRow;

export const command = defineCommand<unknown>({
  command: 'alerts',
  describe: 'list what needs a person; exit 1 when anything does',
  builder: (args) =>
    args
      .example('$0 alerts', 'failed chunks, expired leases, jobs without progress, broken thresholds')
      .example(
        '$0 alerts --json',
        '{ "alerts": [{ "alert", "job", "kind", "chunk", "resource", "since", "detail" }] }',
      )
      .epilogue(
        'For cron and SQL Agent: exit 0, or exit 1 and a line each; with --quiet it says nothing when there are none. The thresholds are rows of logs.Ajustes; docs/dba.md lists them.',
      ),
  handler: async (argv) => {
    await withEngine(argv, async (engine, out) => {
      const alerts = await trabajo.alertas(engine, { idempotent: true });
      out.document({ alerts: alerts.map(alertJson) });
      if (alerts.length === 0) {
        // with --quiet cron has nothing to mail
        if (!out.json) out.note('no alerts');
        return 0;
      }
      out.table(
        ['alert', 'job', 'kind', 'chunk', 'resource', 'since', 'detail'],
        alerts.map((alert) => [
          alert.alerta,
          alert.idTrabajo,
          alert.tipo,
          alert.idChunk,
          alert.recurso,
          sinceOf(alert),
          oneLine(alert.detalle),
        ]),
        {
          // a message is longer than any column
          head: ['alert', 'job', 'kind', 'chunk', 'since'],
          rows: alerts.map((alert) => [
            alert.alerta,
            alert.idTrabajo,
            alert.tipo,
            alert.idChunk,
            sinceOf(alert),
          ]),
          below: alerts.map((alert) => `${aboutOf(alert)}: ${oneLine(alert.detalle) ?? ''}`),
        },
      );
      return 1;
    });
  },
});

function sinceOf({ desde }: Alert): string | null {
  return desde === null ? null : `${agoOf(desde)} ago`;
}

function aboutOf({ idTrabajo, idChunk, recurso }: Alert): string {
  const chunk = idChunk === null ? '' : ` chunk ${idChunk}`;
  return `job ${idTrabajo ?? '?'}${chunk}${recurso === null ? '' : ` (${recurso})`}`;
}

function alertJson(alert: Alert): Record<string, unknown> {
  return {
    alert: alert.alerta,
    job: alert.idTrabajo,
    kind: alert.tipo,
    chunk: alert.idChunk,
    resource: alert.recurso,
    since: alert.desde,
    detail: alert.detalle,
  };
}
