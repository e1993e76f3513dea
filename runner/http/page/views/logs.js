import { getJson } from '../api.js';
import { el, table } from '../dom.js';
import { count, time } from '../format.js';
import { attempt, problemPlace } from '../notice.js';
import { session } from '../session.js';
import { badge } from '../states.js';
import { upload } from '../upload.js';

/** Upload a log, and find the reviews of those that were uploaded. */
export function logsView({ signal }) {
  const problem = problemPlace();
  const list = el('div', {}, el('p', { class: 'faint' }, 'Loading…'));
  void (async () => {
    try {
      const { jobs } = await getJson('/api/v2/jobs?limit=50', { signal });
      list.replaceChildren(
        jobs.length === 0
          ? el('p', { class: 'card faint' }, 'No log has been reviewed yet.')
          : jobTable(jobs),
      );
    } catch (error) {
      if (!signal.aborted) problem.show(error);
    }
  })();
  return { title: 'Logs', content: [session.mayRun ? uploadForm(signal) : null, problem.place, list] };
}

function jobTable(jobs) {
  return table(
    'The newest reviews',
    ['Review', 'State', 'Chunks', 'Begun', 'By'],
    jobs.map((job) =>
      el(
        'tr',
        {},
        el('th', { scope: 'row' }, el('a', { href: `#/logs/${job.job_id}` }, job.job_id)),
        el('td', {}, badge(job.state)),
        el('td', {}, `${count(job.chunks_processed)} of ${count(job.total_chunks)}`),
        el('td', {}, time(job.created)),
        el('td', {}, job.user ?? '—'),
      ),
    ),
  );
}

function uploadForm(signal) {
  const problem = problemPlace();
  const file = el('input', { id: 'file', type: 'file', required: true });
  const progress = el('progress', { max: 1, value: 0, 'aria-label': 'Sent', hidden: true });
  const button = el('button', { type: 'submit' }, 'Upload and review');
  return el(
    'form',
    {
      class: 'card row',
      'aria-label': 'Upload a log',
      onsubmit: (event) => {
        event.preventDefault();
        void attempt(button, problem, async () => {
          progress.hidden = false;
          try {
            const { job_id: job } = await upload('/api/v2/process', file.files[0], {
              signal,
              onProgress: (share) => {
                progress.value = share;
              },
            });
            location.hash = `#/logs/${job}`;
          } finally {
            progress.hidden = true;
          }
        });
      },
    },
    el('div', { class: 'field wide' }, el('label', { for: 'file' }, 'Log file, plain or gzip'), file),
    button,
    progress,
    problem.place,
  );
}
