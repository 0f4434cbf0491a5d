// @ts-check
/**
 * Copying text. `navigator.clipboard` does not exist on a plain LAN address (not a secure
 * context), so the old command is the fallback, and a selection the last resort.
 */

/**
 * @param {string} text
 * @param {HTMLInputElement} field shows the same text; selected where copying fails
 * @returns {Promise<boolean>} whether the text is on the clipboard
 */
export async function copy(text, field) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    field.focus();
    field.select();
    return document.execCommand("copy");
  }
}
