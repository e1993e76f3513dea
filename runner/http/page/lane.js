import { el, setText } from './dom.js';
import { duration } from './format.js';
import { look, setBadge } from './states.js';

/**
 * One fund's lane: a stop a service, its state, and behind a button what there is to know of each.
 * @param onOpen gets the place of the fund's trace when it is opened
 */
export function createLane(execution, onOpen) {
  const id = `fund-${execution.ID_Ejecucion}`;
  const name = execution.FundShortName ?? 'all funds';
  const track = el('span', { class: 'track', 'aria-hidden': 'true' });
  const state = el('span', {});
  const took = el('span', { class: 'took' });
  const services = el('tbody', {});
  const message = el('p', { class: 'message', hidden: true });
  const facts = el('p', { class: 'faint' });
  const trace = el('div', {});
  const details = el(
    'div',
    { id, class: 'services', role: 'region', 'aria-label': `Services of ${name}`, hidden: true },
    facts,
    message,
    el(
      'table',
      {},
      el(
        'thead',
        {},
        el('tr', {}, el('th', { scope: 'col' }, 'Service'), el('th', { scope: 'col' }, 'State')),
      ),
      services,
    ),
    trace,
  );
  const button = el(
    'button',
    {
      type: 'button',
      class: 'lane',
      'aria-expanded': 'false',
      'aria-controls': id,
      onclick: () => {
        details.hidden = !details.hidden;
        button.setAttribute('aria-expanded', String(!details.hidden));
        if (!details.hidden) onOpen(trace);
      },
    },
    el('span', { class: 'fund' }, name),
    track,
    state,
    took,
  );
  const stops = new Map();
  return {
    element: el('li', {}, button, details),
    /** Shows the execution as it is now. */
    draw({ Estado, Servicio_Actual, Intento, FechaInicio, FechaFin, Mensaje_Error, servicios }) {
      setBadge(state, Estado);
      setText(took, duration(FechaInicio, FechaFin));
      setText(facts, `Execution ${execution.ID_Ejecucion}${Intento > 1 ? `, attempt ${Intento}` : ''}`);
      message.hidden = Mensaje_Error === null;
      setText(message, Mensaje_Error ?? '');
      for (const { Servicio, Estado: its } of servicios) {
        const shown =
          its === 'PENDIENTE' && Servicio === Servicio_Actual && Estado === 'EN_PROGRESO' ? Estado : its;
        const stop = stops.get(Servicio) ?? addStop(Servicio);
        stop.mark.className = `stop ${look(shown).tone}`;
        setText(stop.sign, look(shown).sign);
        setBadge(stop.badge, shown);
      }
    },
  };

  function addStop(service) {
    const sign = el('span', { class: 'sign' });
    const mark = el('span', {}, sign, el('span', { class: 'name' }, service));
    const badge = el('span', {});
    track.append(mark);
    services.append(el('tr', {}, el('th', { scope: 'row' }, service), el('td', {}, badge)));
    const stop = { mark, sign, badge };
    stops.set(service, stop);
    return stop;
  }
}
