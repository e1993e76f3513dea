/**
 * Of every drawing, in a page or a file of its own: series by Okabe and Ito's colours, whose lines and points differ as
 * well. The page's colours are variables that it sets; a file has them from `inkStyle`.
 */
export const chartStyle = `
.chart { max-width: 100%; height: auto; }
.chart text, .key text { font: 12px system-ui, "Segoe UI", "Liberation Sans", sans-serif; fill: var(--ink); }
.chart .title { font-weight: 600; font-size: 13px; }
.chart .tick { fill: var(--soft); }
.chart .grid { stroke: var(--line); stroke-width: 1; }
.series { --c: var(--c0); color: var(--c); fill: var(--c); stroke: none; }
.series .line { fill: none; stroke: var(--c); stroke-width: 2; }
.series .range { stroke: var(--c); stroke-width: 2; opacity: .55; }
.c0 { --c: var(--c0); } .c0 .line { stroke-dasharray: 7 4; }
.c1 { --c: var(--c1); }
.c2 { --c: var(--c2); } .c2 .line { stroke-dasharray: 2 3; }
.c3 { --c: var(--c3); } .c3 .line { stroke-dasharray: 10 3 2 3; }
:root { --c0: #b84a00; --c1: #0072b2; --c2: #00785a; --c3: #a8478a; }
@media (prefers-color-scheme: dark) { :root { --c0: #ff9248; --c1: #56b4e9; --c2: #35c79a; --c3: #e39cc6; } }
@media print { :root { --c0: #b84a00; --c1: #0072b2; --c2: #00785a; --c3: #a8478a; } }
`;

/** What a drawing in a file of its own needs besides. */
export const inkStyle = `
:root { --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --paper: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9aa4ae; --line: #3d444d; --paper: #0d1117; } }
.paper { fill: var(--paper); }
`;
