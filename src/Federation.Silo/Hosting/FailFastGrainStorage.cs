using System.Data.Common;
using Federation.Storage;
using Orleans.Configuration;
using Orleans.Storage;

namespace Federation.Silo.Hosting;

/// <summary>
/// Grain storage that lets no grain go on with what it could not store: after a write that failed, its next call or timer finds a grain
/// that has read anew what is stored.
/// </summary>
/// <remarks>
/// A grain changes its state, writes it, then acts. If the write fails, the state in memory is ahead of the database: told the same again,
/// the grain would find it done already and act on, or answer, what no restart would remember. A database that is away is told by an
/// exception that other silos know: a provider's own would reach them as one that nobody can tell from a broken service.
/// </remarks>
internal sealed class FailFastGrainStorage(IGrainStorage storage, string place, IGrainContextAccessor current, InterruptedGrains interrupted) : IGrainStorage
{
    private const string Inner = "database";

    /// <summary>Puts it before ADO.NET storage, under a name of its own.</summary>
    public static void AddTo(ISiloBuilder silo, string name, string place, Action<AdoNetGrainStorageOptions> configure)
    {
        silo.AddAdoNetGrainStorage(Inner, configure);
        silo.Services.AddKeyedSingleton<IGrainStorage>(name, (services, _) => new FailFastGrainStorage(
            services.GetRequiredKeyedService<IGrainStorage>(Inner), place, services.GetRequiredService<IGrainContextAccessor>(), services.GetRequiredService<InterruptedGrains>()));
    }

    /// <inheritdoc/>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        OrUnavailable(() => storage.ReadStateAsync(stateName, grainId, grainState));

    /// <inheritdoc/>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        OrForget(() => storage.WriteStateAsync(stateName, grainId, grainState));

    /// <inheritdoc/>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        OrForget(() => storage.ClearStateAsync(stateName, grainId, grainState));

    private async Task OrUnavailable(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (DbException fault) when (StorageUnavailableException.IsUnavailable(fault))
        {
            throw new StorageUnavailableException(place, fault);
        }
    }

    private async Task OrForget(Func<Task> write)
    {
        var grain = current.GrainContext;
        try
        {
            await OrUnavailable(write);
        }
        catch (Exception fault)
        {
            if (grain is not null)
            {
                grain.Deactivate(new(DeactivationReasonCode.ApplicationError, fault, "its state could not be stored"));
                interrupted.Note(grain);
            }

            throw;
        }
    }
}

/// <summary>A <see cref="StorageUnavailableException"/> as it goes to another silo, which could not tell it from a broken service otherwise.</summary>
[GenerateSerializer, Immutable, Alias("Federation.StorageFault")]
internal readonly struct StorageFault
{
    /// <summary>What it says.</summary>
    [Id(0)]
    public string Message { get; init; }

    /// <summary>Why. A silo of the release before tells nothing of it, and that is taken as <see cref="StorageOutage.Away"/>.</summary>
    [Id(1)]
    public StorageOutage Outage { get; init; }
}

/// <summary>Makes one of the other.</summary>
[RegisterConverter]
internal sealed class StorageFaultConverter : IConverter<StorageUnavailableException, StorageFault>
{
    public StorageUnavailableException ConvertFromSurrogate(in StorageFault surrogate) => new(surrogate.Message, surrogate.Outage);

    public StorageFault ConvertToSurrogate(in StorageUnavailableException value) => new() { Message = value.Message, Outage = value.Outage };
}
