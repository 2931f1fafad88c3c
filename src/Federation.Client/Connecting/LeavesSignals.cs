using Microsoft.Extensions.Hosting;

namespace Federation.Client.Connecting;

/// <summary>Leaves the signals of the program (Ctrl-C, <c>SIGTERM</c>) to the program: a connection within it that took them would keep it from ending.</summary>
internal sealed class LeavesSignals : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
