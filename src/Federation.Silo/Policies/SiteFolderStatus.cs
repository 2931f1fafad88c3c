namespace Federation.Silo.Policies;

/// <summary>How it stands with the folder of site files.</summary>
public sealed class SiteFolderStatus
{
    private volatile string? fault;

    /// <summary>What is wrong with the files; null: nothing, or there is no folder.</summary>
    public string? Fault
    {
        get => fault;
        set => fault = value;
    }
}
