"""How a form looks: the palette of the pages, rows aligned under one head, nothing that moves."""

STYLE = """<style>
.salesplaybook-form { --jp-widgets-inline-height: 30px; --jp-widgets-font-size: 13px; color: #16202B;
  --jp-widgets-input-border-color: #B9C1C9; --jp-widgets-input-focus-border-color: #14508A; background: #fff;
  font: 13px/1.4 "Source Sans 3", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif;
  font-variant-numeric: tabular-nums lining-nums; padding: 14px 20px 16px; border: 1px solid #D6DBE1;
  max-width: 1180px; box-sizing: border-box; overflow: hidden; container-type: inline-size; }
.salesplaybook-form .widget-html-content { font: inherit; line-height: 1.4; color: inherit; white-space: normal; }
.salesplaybook-form .widget-html { height: auto; margin: 0; }
.salesplaybook-form .widget-box { overflow: visible; margin: 0; }
.salesplaybook-form p { margin: 0; }
.salesplaybook-form .sp-head { border-bottom: 1px solid #16202B; margin: 6px 0 0; padding: 2px 0 3px; font-size: 12px;
  align-items: end; }
.salesplaybook-form .sp-head p { color: #66717D; font-size: 12px; }
.salesplaybook-form .sp-rows { counter-reset: row; }
.salesplaybook-form .sp-row { border-bottom: 1px solid #D6DBE1; padding: 5px 0; align-items: center;
  counter-increment: row; }
.salesplaybook-form .sp-row > .widget-html .widget-html-content { padding: 2px 0; }
.salesplaybook-form .sp-row:focus-within { background: #F3F5F7;
  box-shadow: -17px 0 #F3F5F7, 20px 0 #F3F5F7, -20px 0 #14508A; }
.salesplaybook-form button.jupyter-button.sp-opener { height: 30px; margin: 0; padding: 0; border: 0;
  background: none; font-size: 0; line-height: 30px; text-align: left; color: #66717D; }
.salesplaybook-form .sp-opener::before { content: "▸" / ""; display: inline-block; width: 15px; font-size: 13px; }
.salesplaybook-form .sp-opener.sp-open::before { content: "▾" / ""; color: #14508A; }
.salesplaybook-form .sp-opener::after { content: counter(row) / ""; font-size: 12px; }
.salesplaybook-form .sp-below { grid-gap: 8px 14px; padding: 6px 0 8px 40px; align-items: start; }
.salesplaybook-form .sp-below.sp-whole { padding-left: 0; }
.salesplaybook-form .sp-short { display: flex; flex-flow: row wrap; gap: 8px 6px; align-items: flex-end; }
.salesplaybook-form .sp-labelled { min-width: 0; }
.salesplaybook-form .sp-labelled .sp-label { color: #66717D; font-size: 12px; line-height: 18px; }
.salesplaybook-form .sp-grid { margin: 0 0 18px; }
.salesplaybook-form .sp-title { font-size: 14px; font-weight: 700; }
.salesplaybook-form .sp-purpose { margin: 0 0 16px; }
.salesplaybook-form .sp-grey { color: #66717D; font-size: 12px; }
.salesplaybook-form .sp-total { text-align: right; padding-right: 40px; }
.salesplaybook-form .sp-right { text-align: right; }
.salesplaybook-form .sp-saved { color: #14508A; font-weight: 700; }
.salesplaybook-form .sp-error { color: #B8480A; font-weight: 700; }
.salesplaybook-form .widget-label { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap; margin: 0; padding: 0; }
.salesplaybook-form .widget-checkbox span { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); }
.salesplaybook-form .sp-named.widget-checkbox span { position: static; width: auto; height: auto; clip-path: none; }
.salesplaybook-form .widget-checkbox { width: auto; margin: 0; padding: 0; }
.salesplaybook-form .widget-checkbox input { width: 16px; height: 16px; margin: 7px 6px 7px 2px;
  accent-color: #14508A; }
.salesplaybook-form .widget-text, .salesplaybook-form .widget-combobox, .salesplaybook-form .widget-datepicker,
.salesplaybook-form .widget-dropdown, .salesplaybook-form .widget-textarea { width: auto; min-width: 0; margin: 0;
  position: relative; }
.salesplaybook-form input[type=text], .salesplaybook-form input[type=date], .salesplaybook-form select,
.salesplaybook-form textarea { width: 100%; min-width: 0; height: 30px; border: 1px solid #B9C1C9; border-radius: 2px;
  background-color: #fff; color: #16202B; font: inherit; font-size: 13px; padding: 3px 8px; box-sizing: border-box; }
.salesplaybook-form textarea { height: auto; min-height: 46px; max-height: 160px; field-sizing: content;
  resize: vertical; line-height: 1.4; display: block; }
@supports (field-sizing: content) { .salesplaybook-form textarea { resize: none; } }
.salesplaybook-form select { padding-top: 0; padding-bottom: 0; line-height: 28px; }
.salesplaybook-form .widget-textarea { height: auto; }
.salesplaybook-form .sp-main input { font-weight: 700; }
.salesplaybook-form ::placeholder { color: #66717D; opacity: 1; font-weight: 400; }
.salesplaybook-form .sp-flush input { text-align: right; }
.salesplaybook-form :is(input, select, textarea, button):focus-visible { outline: 2px solid #14508A !important;
  outline-offset: -1px; }
.salesplaybook-form .sp-wrong :is(input, select, textarea) { border: 2px solid #B8480A;
  background: #FEF4EC; padding: 2px 7px; }
.salesplaybook-form .sp-filled input { color: #4A5662; }
.salesplaybook-form button.jupyter-button { width: auto; height: 32px; line-height: 30px; margin: 0 8px 0 0;
  padding: 0 14px; border: 1px solid #4A5662; border-radius: 2px; background: #fff; color: #16202B;
  font-family: inherit; font-size: 13px; box-shadow: none; }
.salesplaybook-form button.jupyter-button.mod-primary { background: #14508A; border-color: #14508A; color: #fff;
  font-weight: 700; margin: 0; }
.salesplaybook-form button.jupyter-button:hover { box-shadow: none; background: #F3F5F7; }
.salesplaybook-form button.jupyter-button.mod-primary:hover { background: #0F3F6E; }
.salesplaybook-form button.jupyter-button.sp-small { height: 28px; line-height: 26px; margin: 0; padding: 0;
  border-color: #D6DBE1; color: #4A5662; }
.salesplaybook-form button.jupyter-button.sp-mend { height: 20px; line-height: 20px; padding: 0; margin: 0 0 0 10px;
  border: 0; background: none; color: #14508A; text-decoration: underline; }
.salesplaybook-form .sp-note { flex-wrap: wrap; align-items: baseline; }
.salesplaybook-form .sp-sign { display: inline-block; width: 15px; height: 15px; margin-right: 4px; border-radius: 50%;
  background: #66717D; color: #fff; font-size: 11px; font-weight: 700; line-height: 15px; text-align: center; }
.salesplaybook-form .sp-error .sp-sign { background: #B8480A; }
.salesplaybook-form .sp-sum { padding: 10px 0 0; }
.salesplaybook-form svg { vertical-align: middle; overflow: visible; }
.salesplaybook-form .sp-mark { margin-top: 8px; }
.salesplaybook-form.sp-plain { border: 0; padding: 8px 0; }
.salesplaybook-form .sp-foot { border-top: 1.5px solid #16202B; padding-top: 12px; }
.salesplaybook-form kbd { border: 1px solid #B9C1C9; border-radius: 2px; padding: 0 5px; font: inherit;
  font-size: 12px; background: #fff; color: #4A5662; }
@container (max-width: 1000px) {
  .salesplaybook-form .sp-dense :is(input[type=text], input[type=date], select) { padding-left: 4px; padding-right: 4px;
    font-size: 12px; }
  .salesplaybook-form ::-webkit-calendar-picker-indicator { margin-left: 0; padding: 0; }
  .salesplaybook-form .sp-dense select { padding-right: 17px; background-size: 15px; text-overflow: ellipsis; }
}
@container (max-width: 860px) { .salesplaybook-form .sp-grid { overflow-x: auto; } }
</style>"""
