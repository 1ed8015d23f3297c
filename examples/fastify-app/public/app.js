const { now } = await (await fetch('/api/time')).json();
document.querySelector('time').textContent = now;
