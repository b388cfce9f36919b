/** Style sheet of the page, light and dark. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ours: #1668dc; --again: #8ab4f0; --peer: #9aa0a6; --ink: #1f2328; --soft: #59636e; --ground: #fff; --bad: #b42318; }
@media (prefers-color-scheme: dark) { :root { --ours: #4c9aff; --again: #2b5a99; --peer: #6e7681; --ink: #e6edf3; --soft: #9198a1; --ground: #0d1117; --bad: #ff7b72; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 960px; margin: 2rem auto; padding: 0 1rem; color: var(--ink); background: var(--ground); }
h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--peer); } h3 { margin: 1.6rem 0 .3rem; font-size: 1.05rem; } h4 { margin: .9rem 0 .2rem; font-size: .95rem; }
small, .note { color: var(--soft); font-weight: normal; font-size: .85rem; }
svg { width: 100%; height: auto; } text { font-size: 13px; fill: var(--ink); dominant-baseline: central; }
rect { fill: var(--peer); } .control rect { fill: var(--ours); } .again rect { fill: var(--again); }
.whisker { stroke: var(--ink); stroke-width: 1.2; fill: none; opacity: .7; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: .85rem; } th { text-align: left; } td, th { padding: .15rem .8rem .15rem 0; vertical-align: top; }
.facts td:first-child { color: var(--soft); } tr.missed td { color: var(--bad); font-weight: 600; } tr.unclear td { font-style: italic; }
nav ul { columns: 2; } nav ul ul { columns: 1; font-size: .9rem; }
.quick { border: 4px solid var(--bad); padding: .6rem 1rem; } .quick strong { display: block; font-size: 2.6rem; line-height: 1.1; color: var(--bad); }
.is-quick section svg { opacity: .35; } .is-quick section h3::after { content: ' - not a measurement'; color: var(--bad); }`;
