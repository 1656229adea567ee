// Tells the server on which clock to show moments: the time zone of this browser, in a cookie for the next page.
{
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  if (zone) document.cookie = `kartotek_zone=${zone}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}
