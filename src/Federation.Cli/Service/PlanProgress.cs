using System.Text.Json;
using Federation.Api;
using Federation.Cli.Output;
using Federation.Domain.Plans;

namespace Federation.Cli.Service;

/// <summary>Watches a plan until it is made, and says on the error stream how far it is.</summary>
/// <param name="call">The connection.</param>
/// <param name="plan">The plan's name.</param>
internal sealed class PlanProgress(ServiceCall call, string plan)
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(10);

    private string said = "";

    /// <summary>Waits until the plan is made; gives its document.</summary>
    /// <exception cref="CommandFailure">It will not be made.</exception>
    public async Task<JsonElement> Watch()
    {
        while (true)
        {
            var document = await call.Client.Get(Job.With("wait", (int)Wait.TotalSeconds), call.Cancel, Wait);
            var job = call.Read<PlanJobDocument>(document);
            switch (job.State)
            {
                case PlanJobState.Made:
                    return document.GetProperty("plan");
                case PlanJobState.Waiting or PlanJobState.Solving:
                    Say(job);
                    break;
                default:
                    throw new CommandFailure(Cells.Plain(job.Text));
            }
        }
    }

    /// <summary>The same; where this is stopped, the making of the plan is cancelled.</summary>
    public async Task<JsonElement> WatchOrCancel()
    {
        try
        {
            return await Watch();
        }
        catch (OperationCanceledException) when (call.Cancel.IsCancellationRequested)
        {
            await call.Client.Delete(Job, CancellationToken.None);
            call.Terminal.Error.WriteLine(Cells.Plain($"plan {plan} cancelled"));
            throw;
        }
    }

    private Route Job => Route.To("plans", plan, "job");

    private void Say(PlanJobDocument job)
    {
        var text = job.Since is { } since ? $"solving, {Whole(call.Terminal.Clock.GetUtcNow() - since)} s" : $"waiting, {job.Before} before it";
        if (text != said)
        {
            call.Terminal.Error.WriteLine(text);
            said = text;
        }
    }

    // In steps, so that few lines say it; the service's clock may be ahead of ours.
    private static long Whole(TimeSpan time) => Math.Max(0, (long)(time / SayEvery)) * (long)SayEvery.TotalSeconds;
}
