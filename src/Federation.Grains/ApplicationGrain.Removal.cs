using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Grains;

/// <summary>One VM leaves its application: a change of the description, and what has to be stopped and given back once that is in force.</summary>
public sealed partial class ApplicationGrain
{
    /// <inheritdoc/>
    public async Task<ApplicationChange> RemoveVm(VmId vm, ChangeCondition? condition = null)
    {
        while (true)
        {
            if (await Unable(condition) is { } unable)
            {
                return unable;
            }

            var seen = Known;
            if (seen.Application is not { } application)
            {
                return new(null, Created: false, Changed: false, [Refusal.VersionDiffers(Id, null)]);
            }

            var removal = VmRemoval.Of(application, vm);
            if (removal.Refusal is { } refusal)
            {
                return new(seen.Version, Created: false, Changed: false, [refusal]);
            }

            // Where it runs stays so until the next operation begins: only a plan moves it.
            var statuses = await new VirtualCluster(application.Id, application, GrainFactory).Statuses();
            var at = application.Vms.Zip(statuses).ToDictionary(pair => pair.First.Id, pair => pair.Second.At);
            await Remember();
            if (await stored.Change(seen, () => seen.BeginRemoval(removal.Next!, [new(vm, at[vm])], removal.Next!.Vms.All(left => at[left.Id] is not null), clock.GetUtcNow())))
            {
                return await Conclude(Known.Operation!.Number, created: false) with { Rules = removal.Rules };
            }
        }
    }
}
