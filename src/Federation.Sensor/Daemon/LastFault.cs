namespace Federation.Sensor.Daemon;

/// <summary>What went wrong last, of something that is tried again and again: told once for as long as it stays the same. For one thread.</summary>
public sealed class LastFault
{
    private string? last;

    /// <summary>Whether nothing went wrong the last time.</summary>
    public bool IsOver => last is null;

    /// <summary>It went wrong.</summary>
    /// <param name="fault">Why.</param>
    /// <param name="tell">Hears why, unless it did the last time.</param>
    public void Is(string fault, Action<string> tell)
    {
        if (last != fault)
        {
            tell(fault);
        }

        last = fault;
    }

    /// <summary>It went well: the next fault is told, even the same.</summary>
    public void Over() => last = null;
}
