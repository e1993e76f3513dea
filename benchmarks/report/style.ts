import { chartStyle } from './chart-style.js';

/** What a benchmark's page needs besides the style that all pages have. */
export const benchStyle = `${chartStyle}
h3 { font-size: 1rem; margin: 1.3rem 0 .4rem; }
.charts { display: flex; flex-wrap: wrap; gap: .8rem 1.4rem; margin: .5rem 0; }
.key { flex: none; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .6rem 0; font-size: .9rem; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
td:first-child { white-space: nowrap; }
.timeline { width: 100%; }
.verdict { white-space: nowrap; font-weight: 600; }
.verdict.broken, .bad { color: var(--bad); }
.verdict.goal { color: var(--c2); }
.verdict.unsure { color: var(--c0); }
.deadlock { border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .9rem .8rem; margin: .6rem 0 1rem; break-inside: avoid; }
.deadlock .chart { min-width: min(100%, 46rem); }
.wide + .wide { margin-top: .9rem; }
.deadlock table { margin-top: .6rem; }
code { font: .84rem/1.35 ui-monospace, "SF Mono", "Liberation Mono", monospace; white-space: pre-wrap; }
.chart .code { font: 11.5px ui-monospace, "SF Mono", "Liberation Mono", monospace; }
.chart .head { font-weight: 650; font-size: 13px; }
.process rect { fill: var(--paper); stroke: var(--ink); stroke-width: 1.5; }
.victim rect { stroke: var(--bad); stroke-width: 3.5; }
.victim .head { fill: var(--bad); }
.resource rect { fill: var(--panel); stroke: var(--soft); stroke-width: 1.5; }
.arrow .line { fill: none; stroke: var(--c); stroke-width: 2; }
.arrow path { fill: var(--c); }
.arrow.asks { --c: var(--c0); } .arrow.asks .line { stroke-dasharray: 7 5; }
.arrow.holds { --c: var(--c1); } .arrow.holds .line { stroke-width: 2.6; }
.onrows { fill: var(--c0); fill-opacity: .75; stroke: var(--c0); stroke-width: 1.2; }
.onothers { fill: none; stroke: var(--c1); stroke-width: 1.6; stroke-dasharray: 5 3; }
.wide:focus-visible { outline: 3px solid var(--c1); outline-offset: 2px; }
main > :first-child { margin-top: 0; }
@media print { h2, h3, .legend { break-after: avoid; } .deadlock .chart { max-width: 100%; } .charts, .chart { break-inside: avoid; } code { font-size: 8.5px; } }
`;
