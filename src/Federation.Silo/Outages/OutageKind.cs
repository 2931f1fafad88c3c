namespace Federation.Silo.Outages;

/// <summary>Which part of the service cannot work for now. Each has words of its own, see <see cref="OutageWords"/>.</summary>
internal enum OutageKind
{
    /// <summary>A silo has gone away, and another one takes over what it hosted.</summary>
    Silo,

    /// <summary>The database does not answer, or only reads.</summary>
    Database,

    /// <summary>The database takes no more connections.</summary>
    Connections,

    /// <summary>The disk of the database, or of the data folder, is full or cannot be written.</summary>
    Disk,

    /// <summary>A call took longer than the service waits; whoever did not answer may still be at it.</summary>
    Time,
}
