# What is red in an answer of GET /api/status, one line each; nothing where all is well.

def unread(what): select(type == "object" and has("error")) | "cannot read \(what): \([.error, .hint] | map(values) | join(". "))";

def seconds: .[0:19] + "Z" | fromdate;

# A secret that is due is replaced within hours: close to its end nobody is at work.
def ends_soon(now): .expiresOn != null and (.expiresOn | seconds) - (now | seconds) < 3 * 24 * 3600;

def credential(now):
  .credential as $name
  | unread($name),
    (select(has("error") or has("unused") | not)
      | (select(.current == null) | "\($name): none is current. Call POST /api/rotate"),
        (.current // empty | select(ends_soon(now)) | "\($name): ends on \(.expiresOn), and its successor is not in use"),
        (.blocked // empty | "\($name): \(.)"),
        (.conditions[]? | select(.reason == "overdue" or .reason == "delivery-late") | select(.verdict != "healthy")
          | "\($name): \(.message)"));

# What carries the work of all deployments.
def engine:
  unread("the app's timer and queue"),
  (.timer // empty | select(.silent) | "the timer has not run when it should. \(.hint // "See docs/queues.md")"),
  (.queue // empty | select(.poisoned > 0)
    | "\(.poisoned) messages of its work have failed for good. \(.hint // "See docs/queues.md")");

def deployment(now):
  .deployment as $deployment
  | [
    (.identity | unread("the app's identity")),
    (.identity.graphPermissions.missing[]?
      | select(.permission == "Application.ReadWrite.OwnedBy") | "the app's identity lacks \(.permission)"),
    (.registrations | to_entries[] | .key as $key | .value
      | unread("the registration \($key)"),
        (select(.found == false) | "the registration \($key) does not exist. \(.hint)")),
    (.openMetadata | unread("OpenMetadata"), (.access | unread("as whom OpenMetadata knows the app")), .obstacles[]?),
    (.drift.findings[] | select(.severity != "notice" and .accepted == null) | "\(.severity) \(.kind): \(.what). \(.do)"),
    (.drift.unread[] | unread(.what)),
    (.credentials[] | credential(now))
  ][]
  | "\($deployment): \(.)";

.on as $now
| (.engine // {} | engine | "the app: \(.)"), (.deployments[] | deployment($now))
| gsub("[[:cntrl:]]+"; " ")
