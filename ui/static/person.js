import { send } from "./http.js";

/** Show who the page is for, and only what they may do. */
async function show() {
  try {
    const { name, role } = await (await send("/page/me")).json();
    document.getElementById("pinpoint").dataset.role = role;
    document.querySelector("#person bdi").textContent = name;
    document.getElementById("person").hidden = !name;
  } catch {
    // The server refuses all the same what somebody may not do.
  }
}

async function logOut() {
  await send("/logout", undefined, "POST");
  sessionStorage.clear();
  location.assign("/login");
}

export function start() {
  document.getElementById("log-out").addEventListener("click", logOut);
  show();
}
