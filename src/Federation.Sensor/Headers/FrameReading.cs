namespace Federation.Sensor.Headers;

/// <summary>What a frame's headers say of it.</summary>
internal struct FrameReading
{
    /// <summary>The outermost IP addresses; of a tunnelled packet the inner ones, if those are wanted.</summary>
    public PairKey Pair;

    /// <summary>Where the bytes begin that are the same on every interface: after a header of the capture's own, or of a tunnel.</summary>
    public int Start;

    /// <summary>How many bytes of the frame belong to a tunnel around it; 0 without one.</summary>
    public int Tunnel;

    /// <summary>Where its IP header begins.</summary>
    public int PacketAt;

    /// <summary>Tells one interface from the others in a capture of all of a host's; 0 where the link does not.</summary>
    public int Point;

    /// <summary>Whether it goes to several receivers, as far as its link tells: broadcast or multicast.</summary>
    public bool IsToMany;
}
