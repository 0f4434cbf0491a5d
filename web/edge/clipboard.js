// @ts-check
/**
 * Copying text. `navigator.clipboard` does not exist on a plain LAN address (not a secure
 * context), so the old command is the fallback, and a selection the last resort.
 */

/**
 * @param {string} text
 * @param {HTMLInputElement | HTMLTextAreaElement} field holds the same text; left selected where copying fails
 * @returns {Promise<boolean>} whether the text is on the clipboard
 */
export async function copy(text, field) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    field.focus();
    field.select();
    const copied = document.execCommand("copy");
    if (copied) before?.focus();
    return copied;
  }
}
