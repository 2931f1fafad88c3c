// The viewer's time zone, as IANA names it.
export function zone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}
