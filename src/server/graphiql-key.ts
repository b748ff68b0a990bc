/**
 * Runs in the page of GraphiQL, before GraphiQL itself. If the server requires an API key, the
 * script asks for one, keeps it for this tab (session storage), and sends it with the page's
 * requests: in a header of `fetch`, and in the first message of a WebSocket. The key is never part
 * of a URL.
 *
 * `?project=` of the address, as the dashboard writes it, selects the project of all requests of
 * the page.
 */
export const KEY_SCRIPT = `<script>
(() => {
  const NAME = 'telltale-key';
  const PROJECT = new URLSearchParams(location.search).get('project');
  const plainFetch = window.fetch;
  const PlainSocket = window.WebSocket;
  const isHere = (url) => new URL(url, location.href).host === location.host;

  window.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (!isHere(request.url)) return plainFetch(request);
    const send = () => {
      const copy = request.clone();
      const key = sessionStorage.getItem(NAME);
      if (key !== null && !copy.headers.has('authorization')) copy.headers.set('authorization', 'Bearer ' + key);
      if (PROJECT && !copy.headers.has('telltale-project')) copy.headers.set('telltale-project', PROJECT);
      return plainFetch(copy);
    };
    const response = await send();
    if (response.status !== 401) return response;
    const key = window.prompt('This server needs an API key with the scope READ:');
    if (!key) return response;
    sessionStorage.setItem(NAME, key.trim());
    return send();
  };

  window.WebSocket = class extends PlainSocket {
    send(data) {
      const key = sessionStorage.getItem(NAME);
      const isOurs = (key !== null || PROJECT) && isHere(this.url) && typeof data === 'string';
      const message = isOurs ? JSON.parse(data) : {};
      if (message.type !== 'connection_init') return super.send(data);
      const payload = {
        ...(key !== null && { authorization: 'Bearer ' + key }),
        ...(PROJECT && { 'telltale-project': PROJECT }),
        ...message.payload,
      };
      return super.send(JSON.stringify({ ...message, payload }));
    }
  };
})();
</script>`;
