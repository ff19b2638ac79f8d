// Where a page has no Web Locks (an insecure origin, an old WebView) the package elects with messages.
Object.defineProperty(navigator, 'locks', { value: undefined });
void import('./voice');
