/** Set the accept button of the dialog around an element; without `label` it stays what it is called. */
export function setAcceptButton(
  inside: Element | null,
  button: { enabled: boolean; label?: string }
): void {
  // JupyterLab's Dialog has no way to do this to a dialog that is open.
  const dialog = inside?.closest('.jp-Dialog');
  const found = dialog?.querySelectorAll<HTMLButtonElement>(
    '.jp-Dialog-button.jp-mod-accept'
  );
  for (const each of Array.from(found ?? [])) {
    each.disabled = !button.enabled;
    if (button.label !== undefined) {
      const text = each.querySelector('.jp-Dialog-buttonLabel') ?? each;
      text.textContent = button.label;
      text.setAttribute('aria-label', button.label);
    }
  }
}
