// @ts-check
/** One question with two answers, in the page's own dialog. */
import { byId, setText } from "./elements.js";

/**
 * @param {string} question
 * @returns {Promise<boolean>}
 */
export function confirmed(question) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("confirm"));
  setText(byId("confirm-text"), question);
  return new Promise((resolve) => {
    const yes = byId("confirm-yes");
    const no = byId("confirm-no");
    yes.onclick = () => dialog.close("yes");
    no.onclick = () => dialog.close("no");
    dialog.onclose = () => resolve(dialog.returnValue === "yes");
    dialog.returnValue = "no";
    dialog.showModal();
    no.focus();
  });
}
