/**
 * The page's only style. Services differ by colour (Okabe and Ito's, which colour-blind people tell apart), by pattern, and
 * by their names where there is room; what failed, what waits and what has no end differ by shape and sign as well.
 */
export const style = `
:root {
  color-scheme: light dark;
  --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --paper: #ffffff; --panel: #f6f8fa; --bad: #b3001b; --stripe: rgb(0 0 0 / 28%);
  font: 15px/1.45 system-ui, "Segoe UI", "Liberation Sans", sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9aa4ae; --line: #3d444d; --paper: #0d1117; --panel: #161b22; --bad: #ff8b94; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 90rem; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .6rem; }
p { margin: .3rem 0; max-width: 75ch; }
.soft { color: var(--soft); }
.state { font-weight: 700; }
.counters { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: .6rem; margin: 1rem 0; }
.counters div { background: var(--panel); border: 1px solid var(--line); border-radius: .4rem; padding: .5rem .7rem; }
.counters dt { color: var(--soft); font-size: .8rem; }
.counters dd { margin: 0; font-size: 1.15rem; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.notice { border-left: .3rem solid #e69f00; background: var(--panel); padding: .5rem .8rem; }
.legend { display: flex; flex-wrap: wrap; gap: .4rem 1.1rem; list-style: none; padding: 0; margin: .5rem 0 .8rem; }
.legend li { display: flex; align-items: center; gap: .4rem; }
.legend .bar, .legend .wait { position: relative; flex: none; width: 1.6rem; height: 1rem; left: 0; top: 0; }
.lanes { border: 1px solid var(--line); border-radius: .4rem; overflow: hidden; }
.row, .axis { display: grid; grid-template-columns: 11rem minmax(0, 1fr); align-items: center; }
.axis { border-bottom: 1px solid var(--line); background: var(--panel); font-size: .8rem; color: var(--soft); height: 1.8rem; }
.ticks { position: relative; height: 100%; margin-right: .6rem; }
.ticks span { position: absolute; left: calc(var(--at) * 1%); top: .3rem; transform: translateX(-50%); white-space: nowrap; }
.ticks span:first-child { transform: none; }
.ticks span:last-child { transform: translateX(-100%); }
summary { list-style: none; cursor: pointer; }
summary::-webkit-details-marker { display: none; }
summary:hover { background: var(--panel); }
summary:focus-visible { outline: 3px solid #0072b2; outline-offset: -3px; }
@media (prefers-color-scheme: dark) { summary:focus-visible { outline-color: #56b4e9; } }
.lane + .lane { border-top: 1px solid var(--line); }
.name { padding: .2rem .6rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; font-size: .88rem; }
.name::before { content: "\\25B8"; display: inline-block; width: 1em; color: var(--soft); }
.axis .name::before { content: none; }
details[open] > summary .name::before { content: "\\25BE"; }
.name b { color: var(--bad); }
.track {
  position: relative; height: 1.6rem; margin-right: .6rem;
  background: repeating-linear-gradient(90deg, var(--line) 0 1px, transparent 1px calc(var(--tick) * 1%));
}
.bar, .wait { position: absolute; left: calc(var(--l) * 1%); width: max(2px, calc(var(--w) * 1%)); print-color-adjust: exact; }
.bar {
  top: .2rem; height: 1.2rem; background-color: var(--c); background-image: var(--p, none); border: 1px solid rgb(0 0 0 / 55%);
  border-radius: 2px; overflow: hidden; container-type: inline-size;
}
.bar i {
  display: none; font: 600 .72rem/1.05rem system-ui, "Segoe UI", sans-serif; color: #000; background: rgb(255 255 255 / 78%);
  padding: 0 .2em; width: max-content; margin: 0 auto;
}
@container (min-width: 3.2rem) { .bar i { display: block; } }
.s0 { --c: #e69f00; }
.s1 { --c: #56b4e9; --p: repeating-linear-gradient(45deg, var(--stripe) 0 2px, transparent 2px 7px); }
.s2 { --c: #009e73; --p: repeating-linear-gradient(90deg, var(--stripe) 0 2px, transparent 2px 6px); }
.s3 { --c: #f0e442; --p: repeating-linear-gradient(-45deg, var(--stripe) 0 2px, transparent 2px 7px); }
.s4 { --c: #0072b2; --p: repeating-linear-gradient(0deg, rgb(255 255 255 / 45%) 0 2px, transparent 2px 5px); }
.s5 { --c: #d55e00; --p: radial-gradient(var(--stripe) 1.5px, transparent 1.6px) 0 0 / 6px 6px; background: var(--p), var(--c); }
.s6 { --c: #cc79a7; --p: repeating-linear-gradient(45deg, var(--stripe) 0 1px, transparent 1px 5px), repeating-linear-gradient(-45deg, var(--stripe) 0 1px, transparent 1px 5px); }
.s7 { --c: #999999; }
.whole { --c: #8c959f; }
.failed { border: 2px solid var(--bad); min-width: 1rem; z-index: 1; }
.failed::after { content: "\\2715"; position: absolute; right: 1px; top: -.05rem; font: 700 .9rem/1.1rem system-ui, sans-serif; color: #b3001b; background: #fff; padding: 0 .1em; }
.open { border: 2px dashed var(--ink); border-right: 0; background-color: transparent; background-image: none; }
.open i { color: inherit; background: none; }
.wait {
  bottom: 0; height: .5rem; min-width: .6rem; border: 1px solid #000; outline: 1px solid #fff; z-index: 2;
  background: repeating-linear-gradient(90deg, #000 0 2px, #fff 2px 4px);
}
.detail { padding: .3rem .8rem .8rem 1.6rem; background: var(--panel); overflow-x: auto; }
table { border-collapse: collapse; font-size: .88rem; min-width: min(100%, 34rem); }
.wide { overflow-x: auto; }
th, td { text-align: left; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 600; white-space: nowrap; }
td { overflow-wrap: anywhere; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.share { display: inline-block; height: .6rem; width: calc(var(--w) * .08rem); min-width: 1px; background: #0072b2; print-color-adjust: exact; }
footer { margin-top: 2.5rem; font-size: .85rem; }
@media (max-width: 46rem) {
  body { padding: .8rem; }
  .row, .axis { grid-template-columns: 6.5rem minmax(0, 1fr); }
  .name { padding: .2rem .3rem; }
  .ticks span:nth-child(even) { display: none; }
}
@media print {
  :root { --ink: #000; --soft: #333; --line: #bbb; --paper: #fff; --panel: #fff; --bad: #b3001b; color-scheme: light; font-size: 10px; }
  body { padding: 0; max-width: none; }
  .lane, tr { break-inside: avoid; }
  h2 { break-after: avoid; }
  .track { height: 1.35rem; }
  .bar { top: .1rem; height: 1rem; }
  .bar i { line-height: .85rem; }
  .name::before { content: none; }
}
`;
