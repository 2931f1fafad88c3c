namespace Federation.Actuation.PlugIns;

/// <summary>One run of a plug-in. Disposed of, it ends; not the VMs that it started.</summary>
internal interface IPlugInRun : IAsyncDisposable
{
    /// <summary>The conversation with it.</summary>
    PlugInConversation Conversation { get; }
}
