/** The one style of all pages of our own: its hash stands in their policy. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #fbfbfa; --text: #1f2328; --quiet: #59636e; --line: #e1e4e8; --link: #0b57b5;
  --hover: #f1f3f5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #16181b; --text: #e6e8eb; --quiet: #9aa4af; --line: #2c3138; --link: #8ab8ff;
    --hover: #1f2328;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; padding: 0 1.25rem; background: var(--page); color: var(--text);
  font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere;
}
main { max-width: 34rem; margin: 0 auto; padding: 16vh 0 4rem; }
main.wide { max-width: 52rem; padding-top: clamp(1.5rem, 8vh, 4.5rem); }
h1 { margin: 0 0 .75rem; font-size: 1.75rem; font-weight: 600; line-height: 1.25; }
.wide h1 { margin-bottom: 1.5rem; font-size: 1.25rem; }
h2 { margin: 2.25rem 0 .5rem; font-size: 1rem; font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; margin: 0; }
dd { margin: 0; color: var(--quiet); }
ul { margin: 0; padding-left: 1.25rem; }
p { margin: 0 0 .75rem; }
.quiet { color: var(--quiet); }
.status { margin-bottom: .25rem; color: var(--quiet); font-variant-numeric: tabular-nums; }
code { font: .9375em/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
p code {
  padding: .1em .35em; border: 1px solid var(--line); border-radius: .3em;
  background: var(--hover);
}
a { color: var(--link); text-decoration: none; text-underline-offset: .2em; }
a:hover { text-decoration: underline; }
a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
nav a, nav b { padding: 0 .15em; font-weight: 600; }
nav span { padding: 0 .1em; color: var(--quiet); font-weight: 400; }
table { width: 100%; border-collapse: collapse; }
th { color: var(--quiet); font-size: .8125rem; font-weight: 500; text-align: left; }
th, td { padding: .4rem .5rem; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody tr:hover { background: var(--hover); }
td a { display: block; }
td + td { color: var(--quiet); white-space: nowrap; font-variant-numeric: tabular-nums; }
.files td:first-child { width: 100%; }
.files th + th, .files td + td { padding-left: 1.5rem; }
.size { text-align: right; }
@media (max-width: 34rem) {
  th:last-child, td:last-child { display: none; }
}
`;
