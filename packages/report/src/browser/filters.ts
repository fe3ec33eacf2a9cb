/** Lets the buttons above the table of trials show the rows of one state. Without a script there are no buttons and every row is shown. */
export function wireFilters(): void {
  const group = document.querySelector<HTMLElement>('[data-filters]');
  const shown = document.querySelector<HTMLElement>('[data-shown]');
  if (!group || !shown) return;
  const buttons = [...group.querySelectorAll<HTMLButtonElement>('button[data-filter]')];
  const rows = [...document.querySelectorAll<HTMLTableRowElement>('#trials-table tr[data-state]')];
  group.hidden = false;
  for (const button of buttons) {
    button.addEventListener('click', () => {
      const state = button.dataset.filter ?? 'all';
      for (const other of buttons) other.setAttribute('aria-pressed', String(other === button));
      for (const row of rows) row.hidden = state !== 'all' && row.dataset.state !== state;
      const visible = rows.filter((row) => !row.hidden).length;
      shown.textContent = `${visible} of ${rows.length} rows shown`;
    });
  }
}
