namespace Federation.Silo.Http;

/// <summary>The memory of bodies that are under way: so much in all, and so much for each sender. Safe for use by several threads.</summary>
/// <param name="mostInAll">Bytes.</param>
/// <param name="mostOfOne">Bytes that one sender's bodies may hold together.</param>
internal sealed class BodyMemory(long mostInAll, long mostOfOne)
{
    private readonly Lock gate = new();
    private readonly Dictionary<BatchSender, long> held = [];
    private long heldInAll;

    /// <summary>The most that one sender's bodies may hold together.</summary>
    public long MostOfOne => mostOfOne;

    /// <summary>The most that all may hold together.</summary>
    public long MostInAll => mostInAll;

    /// <summary>Bytes that are held now.</summary>
    public long Held
    {
        get
        {
            lock (gate)
            {
                return heldInAll;
            }
        }
    }

    /// <summary>Takes memory, or none of it.</summary>
    public MemoryGrant Take(BatchSender sender, long bytes)
    {
        lock (gate)
        {
            var own = held.GetValueOrDefault(sender) + bytes;
            if (own > mostOfOne)
            {
                return MemoryGrant.SenderHasAllOfItsOwn;
            }

            if (heldInAll + bytes > mostInAll)
            {
                return MemoryGrant.AllIsTaken;
            }

            held[sender] = own;
            heldInAll += bytes;
            return MemoryGrant.Granted;
        }
    }

    /// <summary>Gives back what was taken.</summary>
    public void Return(BatchSender sender, long bytes)
    {
        lock (gate)
        {
            heldInAll -= bytes;
            if ((held[sender] -= bytes) == 0)
            {
                held.Remove(sender);
            }
        }
    }
}

/// <summary>What came of asking for memory.</summary>
internal enum MemoryGrant
{
    /// <summary>It was taken.</summary>
    Granted,

    /// <summary>The sender's bodies hold what one sender's may.</summary>
    SenderHasAllOfItsOwn,

    /// <summary>All bodies together hold what they may.</summary>
    AllIsTaken,
}
