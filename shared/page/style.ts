/** The style of the page: light and dark, wide and narrow, on paper. Known to the Content-Security-Policy by its hash. */
export const STYLE = `
:root{color-scheme:light dark;--back:#f6f7f9;--card:#fff;--line:#e2e5ea;--ink:#1b1f27;--quiet:#596273;--link:#0b5cad;--accent:#3b6fd4;--soft:#dfe7f6;--code:#f0f2f5;
--healthy:#1a7a4a;--healthy-soft:#e6f4ec;--attention:#8d5a00;--attention-soft:#fdf3dc;--failing:#b3261e;--failing-soft:#fceceb;--shade:0 1px 2px rgb(16 24 40/.05)}
@media (prefers-color-scheme:dark){:root{--back:#101318;--card:#181c23;--line:#2a303a;--ink:#e7eaf0;--quiet:#a0a9b8;--link:#7fb2f7;--accent:#6d9bf0;--soft:#24324d;--code:#20252e;
--healthy:#58c78c;--healthy-soft:#142a20;--attention:#e8b04a;--attention-soft:#2d2412;--failing:#ff8a80;--failing-soft:#341a1a;--shade:0 0 0 transparent}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--back);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main,.top,footer{max-width:64rem;margin-inline:auto;padding-inline:1.25rem}
main{padding-block:.5rem 2rem;outline:0}
a{color:var(--link);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:4px}
h1,h2,h3,h4,p,ul,ol,dl,figure,pre{margin:0}
h1{font-size:1.65rem;line-height:1.2;letter-spacing:-.015em;overflow-wrap:anywhere}
h2{font-size:1.1rem;margin:2rem 0 .75rem}
h3{font-size:1.02rem}
h4{font-size:.85rem;color:var(--quiet);font-weight:600;margin:1.1rem 0 .35rem}
ul,ol{padding:0;list-style:none}
code{font:.86em ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
.quiet,.far,.sep,.looked,.url,.note,footer{color:var(--quiet)}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.4rem .8rem;z-index:1}
.top{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;gap:.25rem 1rem;padding-block:1rem .5rem}
.brand{display:flex;align-items:center;gap:.5rem;font-weight:600}
.brand svg{width:1.35rem;fill:none;stroke:var(--accent);stroke-width:2;stroke-linecap:round}
.looked{font-size:.88rem}
footer{font-size:.85rem;padding-block:0 2rem}
nav[aria-label=Breadcrumb]{margin:.25rem 0 .75rem;font-size:.92rem}
.shape{width:1.15em;height:1.15em;flex:none;fill:none;stroke:#fff;stroke-width:2.2;stroke-linecap:round;stroke-linejoin:round;vertical-align:-.2em}
@media (prefers-color-scheme:dark){.shape{stroke:#101318}}
.shape.healthy circle{fill:var(--healthy);stroke:none}.shape .body{stroke:none}
.shape.attention .body{fill:var(--attention)}.shape.failing .body{fill:var(--failing)}
.shape .dashed{stroke:var(--quiet);stroke-dasharray:3 3;stroke-width:1.8}
.hero{display:flex;gap:1rem;align-items:flex-start;padding:1.35rem 1.5rem;border-radius:14px;background:var(--card);border:1px solid var(--line);box-shadow:var(--shade)}
.hero>.shape{width:2.5rem;height:2.5rem;margin-top:.05rem}
.hero.healthy{background:var(--healthy-soft);border-color:transparent}.hero.attention{background:var(--attention-soft);border-color:transparent}.hero.failing{background:var(--failing-soft);border-color:transparent}
.hero .verdict{margin-top:.25rem;overflow-wrap:anywhere}.hero .quiet{font-size:.92rem;overflow-wrap:anywhere}
.hero p+p{margin-top:.25rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.1rem 1.25rem;box-shadow:var(--shade)}
.findings+.card,.calm+.card,.card+.card,.hero+.card,.conditions+.card,.cards+.card,.card+.hero{margin-top:.85rem}
.card>header{display:flex;justify-content:space-between;align-items:center;gap:.75rem;flex-wrap:wrap}
.card h2{margin:0}.card>h2{margin-bottom:.6rem}
.cards{display:grid;gap:.85rem}.cards .card+.card{margin-top:0}
.card.attention,.card.failing{box-shadow:inset 4px 0 0 var(--attention),var(--shade);overflow:hidden}.card.failing{box-shadow:inset 4px 0 0 var(--failing)}
.card.unused{background:none;box-shadow:none;border-style:dashed}.card.unused p{color:var(--quiet);font-size:.92rem;margin-top:.25rem}
.calm{display:flex;gap:.6rem;align-items:center}
.mark{display:inline-flex;align-items:center;gap:.35rem;font-size:.9rem;font-weight:600}
.mark.healthy{color:var(--healthy)}.mark.attention{color:var(--attention)}.mark.failing{color:var(--failing)}
.secret{font-size:.88rem;color:var(--quiet)}
.label{font-size:.82rem;font-weight:600;color:var(--quiet);display:inline-flex;gap:.4rem;align-items:center}
.trouble .label{color:inherit}.trouble>.todo{margin-top:.35rem}
.card>.trouble{margin-top:.85rem;padding:.75rem .9rem;border-radius:8px;background:var(--attention-soft)}.card>.trouble.failing{background:var(--failing-soft)}
.conditions{display:flex;flex-wrap:wrap;gap:.5rem;margin-top:.85rem}
.conditions li{display:inline-flex;gap:.4rem;align-items:center;font-size:.9rem;padding:.25rem .7rem;border:1px solid var(--line);border-radius:99px;background:var(--card)}
.life{display:block;overflow:visible;font-size:12px;margin-top:1rem}
.life text{fill:var(--quiet);font-size:12px}
.bar rect{fill:var(--accent)}.bar.previous rect{fill:var(--quiet);opacity:.55}.bar .gone,.bar.previous .gone{opacity:.18}
rect.overlap{fill:var(--healthy);opacity:.14}.key.overlap::before{background:var(--healthy);opacity:.3}
.bar.next rect{fill:var(--card);stroke:var(--accent);stroke-width:1.6;stroke-dasharray:4 3}
.tick line{stroke:var(--ink);stroke-width:1.5}.tick.now text{fill:var(--ink);font-weight:600}
.tick.due line{stroke:var(--attention);stroke-dasharray:3 3}.tick.due text{fill:var(--attention)}
figcaption{display:flex;gap:1rem;font-size:.8rem;color:var(--quiet);margin-top:.35rem}
.key::before{content:"";display:inline-block;width:1.4em;height:.65em;border-radius:2px;margin-right:.4em;background:var(--accent)}
.key.previous::before{background:var(--quiet);opacity:.55}.key.next::before{background:none;border:1.5px dashed var(--accent)}
.steps{display:flex;gap:.35rem;margin-top:1.4rem}
.steps li{flex:1;min-width:0;border-top:3px solid var(--line);padding:.75rem .25rem 0 0;font-size:.84rem;position:relative}
.steps li::before{content:"";position:absolute;top:-8px;left:0;width:13px;height:13px;border-radius:50%;background:var(--card);border:3px solid var(--line)}
.steps .done{border-color:var(--healthy)}.steps .done::before{background:var(--healthy);border-color:var(--healthy)}
.steps .coming::before{border-color:var(--accent)}
.steps .name{display:block;font-weight:600}.steps .on,.steps .note{display:block;color:var(--quiet);font-size:.8rem}.steps .far{display:block}.steps .sep{display:none}
.steps .note.verified{color:var(--healthy)}.steps .note.assumed{color:var(--attention);font-weight:600}
.says{margin-top:1rem;font-size:.92rem}.says li{display:flex;gap:.5rem;padding:.1rem 0}.says .label{flex:none;width:4.6rem;align-items:baseline;padding-top:.15rem}.card>p.quiet{font-size:.92rem;margin-top:.6rem}
.next li,.lately li{display:flex;gap:.25rem 1rem;font-size:.92rem;padding:.3rem 0;border-top:1px solid var(--line)}
.next li:first-child,.lately li:first-child{border-top:0}
.says,.next,.lately,details,.card>p{overflow-wrap:anywhere}
.next time,.lately time{flex:none;width:13.5rem;color:var(--ink)}
.findings{display:grid;gap:.85rem}.findings .card+.card{margin-top:0}
.findings .label{text-transform:capitalize}.findings .label code{text-transform:none;font-weight:400}
.findings .what{margin-top:.35rem;font-weight:500;overflow-wrap:anywhere}.findings+details{margin-top:.85rem}
.todo .quiet{margin-top:.35rem;font-size:.88rem}.todo{margin-top:.35rem;font-size:.93rem;overflow-wrap:anywhere}
pre.command{background:var(--code);border-radius:8px;padding:.65rem .8rem;margin-top:.5rem}
pre.command code{white-space:pre-wrap;overflow-wrap:anywhere}
.copyable{position:relative}.copyable pre{padding-right:5rem}
button,.button{font:inherit;font-size:.88rem;border:1px solid var(--line);border-radius:7px;background:var(--card);color:var(--ink);padding:.3rem .8rem;cursor:pointer}
.button{display:inline-block;background:var(--link);border-color:transparent;color:var(--card);text-decoration:none;font-weight:600;padding:.55rem 1.1rem;margin:.4rem 0;font-size:1rem}
.copy{position:absolute;top:.4rem;right:.4rem}
details.card>summary,details>summary{cursor:pointer;font-weight:600;font-size:.95rem}
details{margin-top:.85rem}details li{padding:.35rem 0;font-size:.92rem}
dl div{display:flex;flex-wrap:wrap;gap:0 1rem;padding:.35rem 0;border-top:1px solid var(--line);font-size:.92rem}dl{margin-top:.6rem}dt{color:var(--quiet);width:12rem}dd{margin:0;min-width:0}
.tools{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.75rem;margin:1.5rem 0 .85rem}
.tabs{display:flex;flex-wrap:wrap;gap:.35rem}
.tabs a{display:inline-flex;align-items:center;gap:.4rem;padding:.35rem .8rem;border-radius:99px;border:1px solid transparent;color:var(--ink);text-decoration:none;font-size:.93rem}
.tabs a:hover{border-color:var(--line)}.tabs a[aria-current]{background:var(--card);border-color:var(--line);font-weight:600;box-shadow:var(--shade)}
.amount{color:var(--quiet);font-variant-numeric:tabular-nums}
form{display:flex;gap:.4rem}input[type=search]{font:inherit;font-size:.93rem;padding:.35rem .7rem;border:1px solid var(--quiet);border-radius:7px;background:var(--card);color:var(--ink);width:14rem;max-width:100%}
.rows{background:var(--card);border:1px solid var(--line);border-radius:12px;box-shadow:var(--shade)}
.row{display:grid;grid-template-columns:auto minmax(0,15rem) minmax(0,1fr);gap:.1rem 1rem;align-items:start;padding:.8rem 1.1rem;border-top:1px solid var(--line);position:relative}
.row:first-child{border-top:0}.row>.shape,.who{grid-row:1/span 2}.row>.shape{margin-top:.2rem;width:1.3rem;height:1.3rem}
.row:hover{background:var(--back)}.row:first-child:hover{border-radius:12px 12px 0 0}.row:last-child:hover{border-radius:0 0 12px 12px}
.who a{font-weight:600;color:var(--ink);text-decoration:none;overflow-wrap:anywhere}.who a:hover{text-decoration:underline}
.who a::after{content:"";position:absolute;inset:0}
.url{display:block;font-size:.82rem;overflow-wrap:anywhere}
.row p{font-size:.93rem;overflow-wrap:anywhere}
.dots{grid-column:3;display:flex;flex-wrap:wrap;gap:.1rem 1rem;font-size:.82rem;color:var(--quiet);margin-top:.2rem}.dots li{display:inline-flex;gap:.3rem;align-items:center}
.pager{display:flex;justify-content:center;gap:1.25rem;margin-top:1.1rem;font-size:.93rem}
@media (max-width:44rem){
.life .wide{display:none}
.hero{padding:1.1rem;gap:.8rem}.hero>.shape{width:2rem;height:2rem}h1{font-size:1.35rem}
.steps{display:block;margin-left:.35rem}.steps li{border-top:0;border-left:3px solid var(--line);padding:0 0 .8rem 1rem}.steps li::before{left:-8px;top:2px}.steps .on,.steps .note,.steps .far,.steps .sep{display:inline}.steps .note::before{content:" · "}
.next li,.lately li{display:block}.next time,.lately time{display:block;width:auto;color:var(--quiet);font-size:.85rem}
.row{grid-template-columns:auto minmax(0,1fr)}.row>.shape,.who{grid-row:auto}.row>p,.dots{grid-column:2}
form,form label{flex:1}input[type=search]{width:100%}
}
@media (forced-colors:active){.shape circle,.shape path{stroke:CanvasText}.bar rect{stroke:CanvasText}}
@media print{body{background:#fff}.tools,.pager,.copy,#again{display:none}.card{break-inside:avoid}}
`;
