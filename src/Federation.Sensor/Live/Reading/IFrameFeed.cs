using Federation.Sensor.Live.Tables;

namespace Federation.Sensor.Live.Reading;

/// <summary>One interface's frames, as they come to this process to be counted. Not safe for use by several threads.</summary>
internal interface IFrameFeed : IDisposable
{
    /// <summary>The descriptor that becomes readable when there are frames.</summary>
    int Descriptor { get; }

    /// <summary>Whether every frame that had arrived at <see cref="Mark"/> is counted.</summary>
    bool IsReadToMark { get; }

    /// <summary>Ends the window here: frames that have arrived up to now belong before, all others after, whenever they are read.</summary>
    /// <returns>Frames that passed and were lost since the call before.</returns>
    /// <exception cref="IOException">The system refused.</exception>
    long Mark();

    /// <summary>Takes the mark back: frames that were to come before it and have not been read belong after.</summary>
    void Unmark();

    /// <summary>Counts frames that are there, a buffer's worth at most, without waiting for any.</summary>
    /// <param name="before">For those before the mark.</param>
    /// <param name="after">For those after it.</param>
    void ReadInto(TallyTable before, TallyTable after);
}
