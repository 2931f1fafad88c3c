using Federation.Storage;

namespace Federation.Silo.Hosting;

/// <summary>A <see cref="StorageUnavailableException"/> as it goes to another silo, which could not tell it from a broken service otherwise.</summary>
[GenerateSerializer, Immutable, Alias("Federation.StorageFault")]
internal readonly struct StorageFault
{
    /// <summary>What it says.</summary>
    [Id(0)]
    public string Message { get; init; }
}

/// <summary>Makes one of the other.</summary>
[RegisterConverter]
internal sealed class StorageFaultConverter : IConverter<StorageUnavailableException, StorageFault>
{
    public StorageUnavailableException ConvertFromSurrogate(in StorageFault surrogate) => new(surrogate.Message);

    public StorageFault ConvertToSurrogate(in StorageUnavailableException value) => new() { Message = value.Message };
}
