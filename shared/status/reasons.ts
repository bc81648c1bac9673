/**
 * Why a condition is as it is, where no problem's code says it. Closed: docs/status.md explains each, and machines may
 * rely on them.
 */
export const REASONS = {
  // Ready
  ready: "It works, as far as this app can see",
  unused: "The deployment does without it; the message says why",
  "none-stored": "The vault holds none yet: the first run issues one",
  "not-ours": "What the vault holds was stored by somebody else, so nothing is known of it",
  disabled: "Somebody disabled the version that is current",
  refused: "Entra refuses the current one, or it is another one than its tags say",
  "not-in-entra": "Entra no longer lists the current one: nobody can sign in with it",
  expired: "It has expired",
  "no-token": "The bot holds no token",
  "another-token": "The server holds another token than the vault",
  "credential-failing": "At least one credential is not ready; its own conditions say why",
  unknown: "It could not be found out, because something else could not be read",
  // Delivered
  verified: "Read back, and used to sign in as its consumer would",
  assumed: "Nobody can see whether it was read: those who read the vault have had the time that the settings give them",
  "delivery-pending": "It has just become current, and is on its way",
  "delivery-late": "It should have been delivered by now",
  // Rotating
  settled: "Nothing is being replaced",
  "due-soon": "Its time is near: the next one is about to be issued",
  "successor-staged": "The next one is issued, and waits until it has signed in several times",
  "successor-proven": "The next one is ready, and waits for its time",
  due: "A step of its replacement is due, which `dueNow` names; the next run takes it",
  overdue: "Something should have been done by now: the timer does not run, or fails",
  overlap: "The previous one still signs in until everybody has had time to change",
  // Blocked
  unblocked: "Nothing keeps it from being replaced",
  // Deployments
  provisioned: "The registrations are there",
  reachable: "The server answers",
  admitted: "The server takes this app for an administrator",
  "not-administrator": "The server lets the app in, but not as an administrator",
  obstacles: "Settings of the server keep the app out",
  permitted: "The app holds what it needs in Microsoft Graph",
  "permission-missing": "The app lacks a permission of Microsoft Graph",
  hardened: "No finding counts",
  findings: "Findings count that nobody has accepted",
  // The app
  "timer-runs": "The timer runs",
  "timer-unseen": "The timer has not run yet, as far as is known",
  "timer-silent": "The timer has stopped; its work goes through the queue",
  "queue-clear": "Nothing has failed for good",
  "work-failed": "Some work has failed for the last time",
  "deployments-read": "All deployments of the settings are served",
  "deployments-faulty": "Some deployments of the settings are wrong, and are left out",
} as const satisfies Record<string, string>;

export type Reason = keyof typeof REASONS;
