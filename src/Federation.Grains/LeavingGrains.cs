namespace Federation.Grains;

/// <summary>A grain that lets others wait for long, and wants to know when it has to leave.</summary>
internal interface ILeavingGrain
{
    /// <summary>It has to leave. Called once, by any thread.</summary>
    void Leave();
}

/// <summary>Tells grains that have to leave that they do.</summary>
/// <remarks>
/// <see cref="Grain.OnDeactivateAsync"/> is called once a grain has answered all that it was asked, and until then nobody reaches the grain that comes after it: where it lets others wait
/// for 20 s, for as long. Grains have to leave when a silo is stopped, and when one was lost whose part of the directory had them.
/// </remarks>
public sealed class LeavingGrains : IActivationWorkingSetObserver
{
    /// <inheritdoc/>
    public void OnDeactivating(IActivationWorkingSetMember member)
    {
        if (member is IGrainContext { GrainInstance: ILeavingGrain grain })
        {
            grain.Leave();
        }
    }

    /// <inheritdoc/>
    public void OnAdded(IActivationWorkingSetMember member)
    {
    }

    /// <inheritdoc/>
    public void OnActive(IActivationWorkingSetMember member)
    {
    }

    /// <inheritdoc/>
    public void OnIdle(IActivationWorkingSetMember member)
    {
    }

    /// <inheritdoc/>
    public void OnEvicted(IActivationWorkingSetMember member)
    {
    }

    /// <inheritdoc/>
    public void OnDeactivated(IActivationWorkingSetMember member)
    {
    }
}
